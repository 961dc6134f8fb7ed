// The same with fetch: node expandable.mjs http://hub.example ada secret KEY

const [base, user, password, key] = process.argv.slice(2);

async function call(name, fields) {
  const response = await fetch(`${base}/api/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
  });
  return [`${response.status} ${response.statusText}`, await response.json()];
}

const [, login] = await call("auth-token-get", { DATA_SOURCE: "DEMO", USER_NAME: user, PASSWORD: password });
const AUTH_TOKEN = login.AUTH_TOKEN;
const part = { PART_ID: key, PART_DESC: "Pump", PLAN_LEAD_TIME: "14", AUTH_TOKEN };

const [created, record] = await call("part-create", part);
const [again, error] = await call("part-create", part);
const [, found] = await call("part-query", { PART_ID: `${key}%`, PLAN_LEAD_TIME: "BETWEEN 1 AND 20", AUTH_TOKEN });
const [, updated] = await call("part-update", { PART_ID: key, PLAN_LEAD_TIME: "", AUTH_TOKEN });
const [deleted, nothing] = await call("part-delete", { PART_ID: key, AUTH_TOKEN });
const [stranger] = await call("part-query", { PART_ID: "%", AUTH_TOKEN: "abc" });

console.log(
  JSON.stringify({
    created: [created, record.PART_ID, record.CREATED_BY],
    again: [again, error.MESSAGE, error.MESSAGE_CODE],
    found: found.map((each) => each.PART_DESC),
    updated: updated.PLAN_LEAD_TIME,
    deleted: [deleted, Object.keys(nothing)],
    stranger,
  }),
);
