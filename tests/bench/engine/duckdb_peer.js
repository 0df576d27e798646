// DuckDB beside count_bench: the same orders and questions, one thread.
//
//   node duckdb_peer.js lines.csv count_bench.txt customers [rounds]
//
// lines.csv is what count_bench --export wrote, count_bench.txt what it printed. Prints Cartbell's speed over DuckDB's for each predicate.
"use strict";
const fs = require("fs");
const { DuckDBInstance } = require("@duckdb/node-api");

const now = 1_700_000_000_000_000n + 730n * 86_400_000_000n; // Shop::end_us
const day = 86_400_000_000n;
const queries = {
  P1: `SELECT count(*) FROM (SELECT customer_id FROM orders GROUP BY customer_id HAVING count(*) BETWEEN 1 AND 4 AND max(placed_at) < ${now - 30n * day})`,
  P2: `SELECT count(*) FROM (SELECT customer_id FROM orders WHERE placed_at > ${now - 90n * day} AND general = 'completed' GROUP BY customer_id HAVING sum(total_e2) >= 20000)`,
  P3: `SELECT count(DISTINCT o.customer_id) FROM lines l JOIN orders o ON o.order_id = l.order_id WHERE l.category = 'cat-7' AND o.placed_at > ${now - 180n * day}`,
  P6: `SELECT count(*) FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id)`,
  P7: `SELECT count(DISTINCT customer_id) FROM orders WHERE payment = 'awaiting' AND delivery <> 'delivered'`,
};

async function main() {
  const [csv, printed, customers, rounds = "5"] = process.argv.slice(2);
  const ours = {};
  for (const [, name, count, ms] of fs.readFileSync(printed, "utf8").matchAll(/^(P\d) over \d+ customers: (\d+) in it.*Cartbell ([\d.]+)\)$/gm))
    ours[name] = { count: Number(count), ms: Number(ms) };
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await connection.run(`CREATE TABLE lines AS SELECT order_id, category FROM read_csv('${csv}', header = true)`);
  await connection.run(`CREATE TABLE orders AS SELECT DISTINCT order_id, customer_id, placed_at, total_e2, general, delivery, payment FROM read_csv('${csv}', header = true)`);
  await connection.run(`CREATE TABLE customers AS SELECT range AS customer_id FROM range(${Number(customers)})`);
  let logarithms = 0;
  for (const [name, query] of Object.entries(queries)) {
    const times = [];
    let count = 0;
    for (let round = 0; round <= Number(rounds); ++round) {
      const start = process.hrtime.bigint();
      const rows = await (await connection.runAndReadAll(query)).getRows();
      if (round > 0) times.push(Number(process.hrtime.bigint() - start) / 1e6); // the first one warms
      count = Number(rows[0][0]);
    }
    times.sort((a, b) => a - b);
    if (!ours[name] || ours[name].count !== count) throw new Error(`${name}: DuckDB counts ${count}, Cartbell ${ours[name] && ours[name].count}`);
    const ratio = times[times.length >> 1] / ours[name].ms;
    logarithms += Math.log(ratio);
    console.log(`${name}, speed over DuckDB on one thread: ${ratio.toFixed(3).padStart(7)} x`);
  }
  console.log(`P1 P2 P3 P6 P7, geometric mean of the speed over DuckDB: ${Math.exp(logarithms / 5).toFixed(3)} x`);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
