// A day of work with node's soap: node day.mjs WSDL USER PASSWORD PREFIX 1.1|1.2, answers JSON.

import soap from "soap";

const [wsdl, user, password, prefix, version] = process.argv.slice(2);

async function connect(secret) {
  const client = await soap.createClientAsync(wsdl, { forceSoap12Headers: version === "1.2" });
  client.setSecurity(new soap.WSSecurity(user, secret, { hasTimeStamp: true, hasTokenCreated: true }));
  const port = client.PartsService[version === "1.2" ? "PartsPort12" : "PartsPort"];
  return (operation, content) =>
    new Promise((resolve, reject) =>
      port[operation]({ Parts: content }, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
}

const criteria = (field, value, comparator) => ({ criteria: [{ field, value, comparator }] });
const records = (...each_record) => ({ each_record });

function counted({ status }) {
  return [status.success, status.records_inserted, status.records_updated, status.records_deleted];
}

async function fault(answer) {
  try {
    await answer;
    return [];
  } catch (error) {
    const { Fault } = error.root.Envelope.Body;
    const { exceptionCode, exceptionMessage } = (Fault.detail ?? Fault.Detail).fault;
    return [exceptionCode, exceptionMessage];
  }
}

const call = await connect(password);
const [one, two] = [`${prefix}-1`, `${prefix}-2`];
const record = {
  part_number: one,
  direct_buy: 2,
  description: { en: 'Pump <small> & "cheap"', pt_BR: "Bomba" },
  price: { USD: "250", EUR: "230.5" },
  company_associations: ["Acme", "Initech"],
  active: true,
};
const day = {};

day.added = counted(await call("addParts", records(record)));

const answer = await call("getParts", criteria("part_number", one, "="));
const found = [answer.Parts.each_record].flat()[0];
day.found = [
  answer.status.records_returned,
  found.part_number,
  String(found.direct_buy),
  found.description.en,
  found.description.pt_BR,
  String(found.price.USD),
  String(found.price.EUR),
  found.company_associations,
];

day.updated = counted(await call("updateParts", records({ part_number: one, lead_time: 7 })));
day.modified = counted(await call("modifyParts", records({ part_number: one, notes: "" }, { part_number: two })));
const partly = await call("modifyParts", records({ part_number: one, lead_time: -5 }, { part_number: two, units: 3 }));
day.partly = [partly.status.success, partly.status.records_failed, partly.status.detail];
day.taken = await fault(call("addParts", records({ part_number: one })));
day.unknown = await fault(call("getParts", criteria("colour", "red", "=")));
day.deleted = counted(await call("deleteParts", criteria("part_number", `${one}, ${two}`, "IN")));
day.gone = (await call("getParts", criteria("part_number", `${prefix}-%`, "LIKE"))).status.records_returned;
// Last, because the server lets an address that has guessed wrong wait for a second.
const stranger = await connect(`not ${password}`);
day.stranger = await fault(stranger("getParts", criteria("part_number", one, "=")));

console.log(JSON.stringify(day));
