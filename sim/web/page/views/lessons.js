import { h } from "../dom.js";
import { t } from "../strings.js";

/**
 * @param {HTMLElement} root
 * @param {import("../app.js").Context} context
 * @returns {import("../app.js").View}
 */
export function open(root, context) {
  root.append(h("h1", {}, t("lessons.name")));
  return { title: t("lessons.name"), show() {} };
}
