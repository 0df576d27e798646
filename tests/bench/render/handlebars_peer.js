// Renders the bench's e-mail with handlebars, precompiled: `node handlebars_peer.js <node_modules> <template> <data.json> <output> <seconds>`.
// Writes the rendered text to <output> and prints the microseconds of one render.
'use strict';
const fs = require('fs');
const path = require('path');
const [modules, templateFile, dataFile, outputFile, seconds] = process.argv.slice(2);
const Handlebars = require(path.resolve(modules, 'handlebars'));
const Runtime = require(path.resolve(modules, 'handlebars', 'runtime'));

const precompiled = Handlebars.precompile(fs.readFileSync(templateFile, 'utf8'));
const render = Runtime.template(new Function('return ' + precompiled)());
const data = JSON.parse(fs.readFileSync(dataFile, 'utf8'));
fs.writeFileSync(outputFile, render(data));

let length = 0;
const until = (limit) => {  // the number of renders in so many seconds
  let count = 0;
  const end = process.hrtime.bigint() + BigInt(Math.round(limit * 1e9));
  const start = process.hrtime.bigint();
  let now = start;
  while (now < end) {
    for (let i = 0; i < 200; ++i) length += render(data).length;
    count += 200;
    now = process.hrtime.bigint();
  }
  return Number(now - start) / 1e3 / count;
};
until(seconds);  // let the JIT see it
console.log(until(seconds));
if (length === 0) process.exit(1);
