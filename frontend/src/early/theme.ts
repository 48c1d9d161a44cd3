// Sets the theme before the first paint, so that a dark page never flashes white.
(() => {
  let theme: string | null = null;
  try {
    theme = localStorage.getItem("anguan.theme");
  } catch {
    // Storage is refused in some kiosk browsers; the system's own choice then holds.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
  document.documentElement.dataset["script"] = "on";
})();
