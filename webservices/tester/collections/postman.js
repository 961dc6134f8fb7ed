// The functions of a test script in Postman, which has no XPath: they find values as a run of this hub finds them.
// A step of XPath is [deep, name, [conditions]]; a condition is a number, or [name, value].
// A step of JSONPath is [deep, name], where "*" is any member and a number is an index.
const local = (name) => name.slice(name.indexOf(":") + 1);
const tags = (node) => (node.children || []).filter((each) => ["tag", "script", "style"].includes(each.type));
const tree = (node) => [node, ...tags(node).flatMap(tree)];
const content = (node) => {
  if (node.type === "comment" || node.type === "directive") return "";
  return node.data !== undefined ? node.data : (node.children || []).map(content).join("");
};
const attributes = (node) => Object.entries(node.attribs || {}).filter(([name]) => !name.startsWith("xmlns"));
const named = (node, name) => {
  if (name[0] === "@") return attributes(node).filter(([each]) => local(each) === name.slice(1)).map(([, value]) => value);
  if (name === "text()") return (node.children || []).filter((each) => ["text", "cdata"].includes(each.type)).map(content);
  return tags(node).filter((each) => name === "*" || local(each.name) === name);
};
const text = (found) => (typeof found === "string" ? found : content(found).trim());
const meets = (node, [name, value]) => named(node, name).some((each) => text(each) === value);
const narrow = (found, condition) =>
  typeof condition === "number" ? found.slice(condition - 1, condition) : found.filter((each) => meets(each, condition));
const step = (nodes, [deep, name, conditions]) =>
  nodes.flatMap((node) => (deep ? tree(node) : [node])).flatMap((node) => conditions.reduce(narrow, named(node, name)));

const inner = (value) => (value !== null && typeof value === "object" ? Object.values(value) : []);
const deepest = (value) => [value, ...inner(value).flatMap(deepest)];
const has = (value, name) =>
  value !== null && typeof value === "object" && Array.isArray(value) === (typeof name === "number") &&
  Object.prototype.hasOwnProperty.call(value, name);
const member = (values, [deep, name]) =>
  values.flatMap((value) => (deep ? deepest(value) : [value]))
    .flatMap((value) => (name === "*" ? inner(value) : has(value, name) ? [value[name]] : []));

const isJson = () => (pm.response.headers.get("Content-Type") || "").includes("json");
const values = (isJsonPath, steps) => {
  if (isJsonPath !== isJson()) return [];
  if (!isJson()) {
    const root = require("cheerio").load(pm.response.text(), { xmlMode: true }).root()[0];
    return steps.reduce(step, [root]).map(text);
  }
  const found = steps.reduce(member, [JSON.parse(pm.response.text())]);
  return found.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
};

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const number = (each) => (NUMBER.test(each) ? Number(each) : NaN);
const compare = {
  "=": (a, b) => a === b || number(a) === number(b),
  "!=": (a, b) => !compare["="](a, b),
  "<": (a, b) => number(a) < number(b),
  "<=": (a, b) => number(a) <= number(b),
  ">": (a, b) => number(a) > number(b),
  ">=": (a, b) => number(a) >= number(b),
  contains: (a, b) => a.includes(b),
  matches: (a, b) => new RegExp(b, "u").test(a),
  exists: () => true,
};
const check = (found, comparator, value) => {
  const wanted = pm.variables.replaceIn(value);
  const passes = (each) => compare[comparator](each, wanted);
  // A path may find several values: != must hold for all of them, every other comparator for one.
  const passed = comparator === "!=" ? found.every(passes) : found.some(passes);
  pm.expect(passed, `${comparator} ${wanted}, found ${found.join(", ") || "nothing"}`).to.be.true;
};
