// A plan of calls with node's soap: node office.mjs URL USER PASSWORD 1.0|2.0 PLAN, answers JSON: one answer per call.

import { readFileSync } from "node:fs";
import soap from "soap";

const OLD = "urn:soap.bigmachines.com";
const [url, user, password, version, plan] = process.argv.slice(2);
const clients = {};
let session = "";

async function connect(service) {
  const wsdl = version === "1.0" ? `${url}/v1_0/receiver?wsdl=${service}` : `${url}/v2_0/receiver/${service}?wsdl`;
  const client = await soap.createClientAsync(wsdl);
  if (version === "2.0") {
    client.setSecurity(new soap.WSSecurity(user, password));
  } else if (session) {
    client.addSoapHeader({ userInfo: { sessionId: session } }, "", "bm", OLD);
    client.addSoapHeader({ category: service }, "", "bm", OLD);
  }
  const title = service[0].toUpperCase() + service.slice(1);
  return client[`${title}Service`][`${title}Port`];
}

function call(port, operation, content) {
  return new Promise((resolve) =>
    port[operation](content, (error, answer) => resolve(error ? { fault: codeOf(error) } : answer)),
  );
}

function codeOf(error) {
  const fault = error.root?.Envelope.Body.Fault;
  return fault?.detail?.fault?.exceptionCode ?? String(error);
}

if (version === "1.0") {
  const answer = await call(await connect("security"), "login", { userInfo: { username: user, password } });
  session = answer.userInfo.sessionId;
}
const answers = [];
for (const { service, operation, content } of JSON.parse(readFileSync(plan, "utf8"))) {
  clients[service] ??= await connect(service);
  answers.push(await call(clients[service], operation, content));
}
console.log(JSON.stringify(answers));
