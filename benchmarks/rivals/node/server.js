// getParts of one part with node's `soap`, on the hub's WSDL, and `pg`: a server in two processes.
//
//     node server.js PORT WSDL SOCKET_FOLDER ROLE DATABASE

const cluster = require("cluster");
const crypto = require("crypto");
const fs = require("fs");
const http = require("http");
const { argon2Verify } = require("hash-wasm");
const pg = require("pg");
const soap = require("soap");

const [port, wsdl, host, user, database] = process.argv.slice(2);
const COLUMNS = [
  "number AS part_number", "display_number AS part_display_number", "direct_buy::text", "lead_time::text",
  "units::text", "partner_part_id", "partner_organization_id", "notes", "active::text",
];
const FIND = `
  SELECT u.password, ${COLUMNS.map((column) => "p." + column).join(", ")},
    (SELECT json_object_agg(d.language, d.text ORDER BY d.language)
     FROM parts_partdescription d WHERE d.part_id = p.id) AS description,
    (SELECT json_object_agg(r.currency, round(r.amount, c.digits)::text ORDER BY r.currency)
     FROM parts_price r JOIN parts_currency c ON c.code = r.currency
     WHERE r.part_id = p.id AND r.price_code = '' AND r.minimum_quantity = 1 AND r.effective_date IS NULL) AS price
  FROM auth_user u LEFT JOIN parts_part p ON p.number = $1
  WHERE u.username = $2 AND u.is_active AND u.is_superuser`;
const known = new Set();

async function fits(name, password, stored) {
  const key = crypto.createHash("sha256").update(`${name.length}:${name}${password}`).digest("hex") + stored;
  if (known.has(key)) return true;
  const right = await argon2Verify({ password, hash: stored.replace(/^argon2/, "") });
  if (right) known.add(key);
  return right;
}

function now() {
  const [day, date, month, year, time] = new Date().toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}

const text = (value) => (value && value.$value !== undefined ? value.$value : value);

function serve() {
  const pool = new pg.Pool({ host, user, database, max: 4 });

  async function getParts(request, callback, headers) {
    const token = headers.Security.UsernameToken;
    const name = text(token.Username), password = text(token.Password);
    const { value } = request.Parts.criteria[0] || request.Parts.criteria;
    const { rows } = await pool.query({ name: "find", text: FIND, values: [text(value), name] });
    if (!rows.length || !(await fits(name, password, rows[0].password)))
      throw { Fault: { faultcode: "soap:Client", faultstring: "The user name or the password is wrong." } };
    const records = rows[0].part_number === null ? [] : rows.map(part);
    const message = `${now()} - Counterpart processed getParts`;
    const status = { success: "true", message, records_returned: String(records.length) };
    return { status, Parts: { each_record: records } };
  }

  const contract = fs.readFileSync(wsdl, "utf8");
  const [, service, binding] = contract.match(/<wsdl:service name="(\w+)">[^]*?<wsdl:port name="(\w+)"/);
  const server = http.createServer((request, response) => response.writeHead(404).end());
  server.keepAliveTimeout = 75000;
  server.listen(Number(port), "127.0.0.1", () =>
    soap.listen(server, "/v2_0/receiver/parts", { [service]: { [binding]: { getParts } } }, contract));
}

function part(row) {
  return {
    part_number: row.part_number, part_display_number: row.part_display_number, direct_buy: row.direct_buy,
    description: row.description, price: row.price, lead_time: row.lead_time, units: row.units,
    company_associations: "", partner_part_id: row.partner_part_id,
    partner_organization_id: row.partner_organization_id, notes: row.notes, attachments: "", active: row.active,
  };
}

if (cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
} else serve();
