// Renders the bench's e-mail with handlebars, precompiled: `node handlebars_peer.js <node_modules> <template> <data.json> <output> <seconds>`.
// Writes the rendered text to <output> and prints the microseconds of processor time of one render.
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
const spent = (since) => {  // microseconds of processor time
  const used = process.cpuUsage(since);
  return used.user + used.system;
};
const microseconds = (limit) => {  // of one render, over so many seconds
  let count = 0;
  const start = process.cpuUsage();
  while (spent(start) < limit * 1e6) {
    for (let i = 0; i < 200; ++i) length += render(data).length;
    count += 200;
  }
  return spent(start) / count;
};
microseconds(Math.max(seconds, 0.2));  // let the JIT see it
console.log(microseconds(seconds));
if (length === 0) process.exit(1);
