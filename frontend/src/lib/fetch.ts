/** Asks the server for a part of a page as htmx does; throws when the answer is not good. */
export async function part(url: string, target = ""): Promise<string> {
  const headers: Record<string, string> = { "HX-Request": "true" };
  if (target) headers["HX-Target"] = target;
  const answer = await fetch(url, { headers, credentials: "same-origin" });
  // A session that ran out answers with the log-in page, which is no part of anything.
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer.text();
}
