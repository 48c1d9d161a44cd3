import { remember } from "./dom";

/** Whose store `/m/offline/` opens without network. Whoever logs out is forgotten at once, before any answer comes. */
export const PHONE_USER = "phone.user";

addEventListener("submit", ({ target }) => {
  if (target instanceof HTMLFormElement && new URL(target.action).pathname === "/account/logout/") remember(PHONE_USER, null);
});
