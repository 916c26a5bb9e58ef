"""Files that somebody names: what is none is not waited for, what is too much is not read, and a quote closes."""

import os
import socket
from pathlib import Path

import pytest

from sim.registers.text_files import UnreadableError, read_text, table_rows


def refusal(path: Path, largest: int = 100) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read_text(path, largest)
    return caught.value


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nowhere").symlink_to("nothing")
    (tmp_path / "device").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(tmp_path / "socket"))
    kinds = {
        "pipe": "a pipe (FIFO)",
        "nowhere": "a link that leads to no file",
        "device": "a device",
        "socket": "a socket",
    }
    for name, kind in (kinds | {".": "a folder"}).items():
        assert str(refusal(tmp_path / name)) == f"this is {kind}, not a file; name a file"
    with pytest.raises(FileNotFoundError):
        read_text(tmp_path / "nothing", 100)
    assert refusal(Path("a\0b")).why.startswith("the file cannot be read")


def test_no_more_is_read_than_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("x" * 100)
    assert read_text(path, 100) == "x" * 100
    with path.open("wb") as file:
        file.truncate(10**12)
    assert "too large" in refusal(path).why


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no such file there")
def test_a_file_that_says_that_it_is_empty_is_not_read_without_end() -> None:
    assert Path("/proc/self/maps").stat().st_size == 0
    assert "too large" in refusal(Path("/proc/self/maps")).why


@pytest.mark.parametrize("content", [b"a\n\xff", "ab".encode("utf-16"), "ab\n".encode("utf-16-le"), b"a\nb\0"])
def test_what_is_no_text_is_told_with_its_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "text").write_bytes(content)
    error = refusal(tmp_path / "text")
    assert error.why == "not UTF-8 text" and "UTF-8" in error.fix
    assert error.line == 1 + content.startswith(b"a\n")


def test_rows_know_the_line_where_they_begin() -> None:
    text = 'id,value\r\n\r\n"a\r\nb",1\r\n   \r\n"say ""no""",2\r\n,\r\n'
    assert list(table_rows(text)) == [
        (1, ["id", "value"]), (3, ["a\r\nb", "1"]), (6, ['say "no"', "2"]), (7, ["", ""]),
    ]  # fmt: skip


@pytest.mark.parametrize("row", ['"a,1', 'a,"1', '"a"b,1', '"a" ,1', 'a,"' + "x" * 200_000])
def test_a_quote_that_does_not_close_where_its_cell_ends_is_told_with_its_line(row: str) -> None:
    rows = table_rows(f"id,value\n\na,1\n{row}\nb,2\n")
    assert [next(rows), next(rows)] == [(1, ["id", "value"]), (3, ["a", "1"])]
    with pytest.raises(UnreadableError, match="a quote opens here") as caught:
        list(rows)
    assert caught.value.line == 4
