// What openapi-generator (typescript-fetch) makes of REST's document, unedited: node OpenApiFetch.js URL USER PASSWORD KEY
// Changes one field of three records that are there: alone by patch and by put, then in a batch. Prints what was answered.

import { BatchVerb, Configuration, CustomersApi, PartsApi, SalesOrdersApi } from "./typescript-fetch";

declare const process: { argv: string[] };

const [basePath, username, password, key] = process.argv.slice(2);
const configuration = new Configuration({ basePath, username, password });

async function changeParts(): Promise<void> {
    const parts = new PartsApi(configuration);
    const patched = await parts.updatePart({ number: key, partInput: { notes: "by patch" } });
    console.log(`parts patch: ${patched.notes}`);
    const put = await parts.putPart({ number: key, partInput: { notes: "by put" } });
    console.log(`parts put: ${put.notes}`);
    const records = [{ number: key, notes: "by batch" }];
    const { outcomes } = await parts.batchParts({ partBatch: { verb: BatchVerb.Update, records } });
    console.log(`parts batch: ${outcomes?.[0].became}`);
}

async function changeCustomers(): Promise<void> {
    const customers = new CustomersApi(configuration);
    const patched = await customers.updateCustomer({ number: key, customerInput: { notes: "by patch" } });
    console.log(`customers patch: ${patched.notes}`);
    const put = await customers.putCustomer({ number: key, customerInput: { notes: "by put" } });
    console.log(`customers put: ${put.notes}`);
    const records = [{ number: key, notes: "by batch" }];
    const { outcomes } = await customers.batchCustomers({ customerBatch: { verb: BatchVerb.Update, records } });
    console.log(`customers batch: ${outcomes?.[0].became}`);
}

async function changeSalesOrders(): Promise<void> {
    const orders = new SalesOrdersApi(configuration);
    const patched = await orders.updateSalesOrder({ number: key, salesOrderInput: { subject: "by patch" } });
    console.log(`sales_orders patch: ${patched.subject}`);
    const put = await orders.putSalesOrder({ number: key, salesOrderInput: { subject: "by put" } });
    console.log(`sales_orders put: ${put.subject}`);
    const records = [{ number: key, subject: "by batch" }];
    const { outcomes } = await orders.batchSalesOrders({ salesOrderBatch: { verb: BatchVerb.Update, records } });
    console.log(`sales_orders batch: ${outcomes?.[0].became}`);
}

changeParts().then(changeCustomers).then(changeSalesOrders);
