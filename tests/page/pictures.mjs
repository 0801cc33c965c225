// Takes the two pictures of a report that the README shows.
// Usage: node pictures.mjs REPORT.html FOLDER
import { join, resolve } from 'node:path';
import puppeteer from 'puppeteer-core';

const WIDTH = 1280;
const [report, folder] = process.argv.slice(2);
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--force-device-scale-factor=1'],
});
const page = await browser.newPage();
await page.setViewport({ width: WIDTH, height: 900 });
await page.goto(`file://${resolve(report)}`);
const at = (query, side) =>
  page.evaluate((q, s) => document.querySelector(q).getBoundingClientRect()[s] + scrollY, query, side);
const take = (name, from, to) => page.screenshot({
  path: join(folder, name),
  type: 'webp',
  quality: 75,
  clip: { x: 0, y: from, width: WIDTH, height: to - from },
});

// From the top to the end of the answer; then one chart of months above the caseloads.
await take('report-answer.webp', 0, (await at('#answer', 'bottom')) + 10);
await page.evaluate(() => {
  const caseloads = document.querySelector('#caseloads');
  caseloads.parentElement.insertBefore(document.querySelector('#fan-caseload-mean'), caseloads);
});
await take('report-charts.webp', await at('#fan-caseload-mean', 'top'), (await at('#caseloads', 'bottom')) + 10);
await browser.close();
