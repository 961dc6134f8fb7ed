// Calls that are typed by what openapi-typescript makes of REST's document: node OpenApiTypes.js URL USER PASSWORD KEY
// Changes one field of three records that are there: alone by patch and by put, then in a batch. Prints what was answered.

import type { paths } from "./schema";

declare const process: { argv: string[] };

type Method = "patch" | "put" | "post";
type Body<Path extends keyof paths, Verb extends Method> = paths[Path][Verb] extends {
    requestBody: { content: { "application/json": infer Json } };
}
    ? Json
    : never;
type Answer<Path extends keyof paths, Verb extends Method> = paths[Path][Verb] extends {
    responses: { 200: { content: { "application/json": infer Json } } };
}
    ? Json
    : never;

const [url, user, password, key] = process.argv.slice(2);
const headers = { Authorization: `Basic ${btoa(`${user}:${password}`)}`, "Content-Type": "application/json" };

async function send<Path extends keyof paths, Verb extends Method>(
    path: Path,
    verb: Verb,
    body: Body<Path, Verb>,
): Promise<Answer<Path, Verb>> {
    const address = url + path.replace("{number}", encodeURIComponent(key));
    const response = await fetch(address, { method: verb.toUpperCase(), headers, body: JSON.stringify(body) });
    if (response.status !== 200) throw new Error(await response.text());
    return response.json() as Promise<Answer<Path, Verb>>;
}

async function change(): Promise<void> {
    const part = "/api/v1/parts/{number}/";
    console.log(`parts patch: ${(await send(part, "patch", { notes: "by patch" })).notes}`);
    console.log(`parts put: ${(await send(part, "put", { notes: "by put" })).notes}`);
    const parts = [{ number: key, notes: "by batch" }];
    const partAnswer = await send("/api/v1/parts/batch/", "post", { verb: "update", records: parts });
    console.log(`parts batch: ${partAnswer.outcomes?.[0].became}`);

    const customer = "/api/v1/customers/{number}/";
    console.log(`customers patch: ${(await send(customer, "patch", { notes: "by patch" })).notes}`);
    console.log(`customers put: ${(await send(customer, "put", { notes: "by put" })).notes}`);
    const customers = [{ number: key, notes: "by batch" }];
    const customerAnswer = await send("/api/v1/customers/batch/", "post", { verb: "update", records: customers });
    console.log(`customers batch: ${customerAnswer.outcomes?.[0].became}`);

    const order = "/api/v1/sales-orders/{number}/";
    console.log(`sales_orders patch: ${(await send(order, "patch", { subject: "by patch" })).subject}`);
    console.log(`sales_orders put: ${(await send(order, "put", { subject: "by put" })).subject}`);
    const orders = [{ number: key, subject: "by batch" }];
    const orderAnswer = await send("/api/v1/sales-orders/batch/", "post", { verb: "update", records: orders });
    console.log(`sales_orders batch: ${orderAnswer.outcomes?.[0].became}`);
}

change();
