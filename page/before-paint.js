// Runs before the first paint, so that what `sim site` wrote of Start is not seen for a moment where the address is another view's,
// nor the answer where a bet comes first. style.css hides it until app.js has taken over, and app.js reads the address anew.

if (location.search || !/^(#\/?(start)?(\?.*)?)?$/.test(location.hash)) document.documentElement.className = "elsewhere";
else if (/[?&]bet=ask\b/.test(location.hash)) document.documentElement.className = "betting-first";
