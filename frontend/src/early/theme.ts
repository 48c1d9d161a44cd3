// Sets the theme before the first paint, so that a dark page never flashes white.
(() => {
  let theme: string | null = null;
  try {
    theme = localStorage.getItem("anguan.theme");
  } catch {
    // Storage is refused in some kiosk browsers; the system's own choice then holds.
  }
  // The duty room is dark whatever its reader likes elsewhere.
  const fixed = document.documentElement.dataset["fixedTheme"] !== undefined;
  if (!fixed && (theme === "light" || theme === "dark")) document.documentElement.dataset["theme"] = theme;
  document.documentElement.dataset["script"] = "on";
})();
