// Run by inspections/tests/test_records.py: body and digest of each vector, one JSON line each.
import { readFileSync } from "node:fs";

import { recheckOpinion, recordDigest, siteRecord } from "../src/phone/record";

declare const process: { argv: string[] };

for (const vector of JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"))) {
  const { form, given } = vector;
  const body = form === "site_record" ? siteRecord(given) : recheckOpinion(given.checked_at, given.rows);
  console.log(JSON.stringify({ body, digest: recordDigest(vector.visit, form, body) }));
}
