// Looks at reports as their readers do: a checker of accessibility, the keyboard alone, a telephone, a desk, and paper.
// Usage: node check.mjs FOLDER-FOR-PICTURES REPORT.html ...
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import puppeteer from 'puppeteer-core';

const LARGEST = 1.5e6;
const WIDTHS = [1280, 380, 320]; // a desk, a telephone, and a desk at 400 %
const [pictures, ...reports] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const faults = [];
const openAll = (open) => document.querySelectorAll('details').forEach((d) => { d.open = open; });
mkdirSync(pictures, { recursive: true });
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  protocolTimeout: 900_000, // a busy machine is slow, and no fault of a page
  args: ['--no-sandbox', '--disable-gpu', '--force-device-scale-factor=1'],
});

for (const report of reports) {
  const path = resolve(report);
  const name = basename(dirname(path));
  const fault = (words) => faults.push(`${report}: ${words}`);
  const { size } = statSync(path);
  if (size > LARGEST) fault(`${size} bytes are too many`);
  const page = await browser.newPage();
  page.on('dialog', async (dialog) => { fault(`a script ran: ${dialog.message()}`); await dialog.dismiss(); });
  page.on('console', (message) => { if (message.type() === 'error') fault(`the browser says: ${message.text()}`); });
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== `file://${path}`) fault(`it asks for ${request.url()}`);
  });
  await page.goto(`file://${path}`);
  if (await page.evaluate(() => document.scripts.length)) fault('it holds a script');

  for (const width of WIDTHS) {
    await page.setViewport({ width, height: 900 });
    for (const open of [false, true]) {
      await page.evaluate(openAll, open);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) fault(`at ${width} pixels it is ${wide} wide, with its tables ${open ? 'open' : 'closed'}`);
    }
    // Everything open at a desk, and as it comes on a telephone; at 320 pixels the page is laid out as there.
    const states = { 1280: [true], 380: [false], 320: [] }[width];
    for (const open of states) {
      await page.evaluate(openAll, open);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      for (const { id, help, nodes } of violations) {
        fault(`at ${width} pixels: ${id} (${help}), ${nodes.length} times, as ${nodes[0].html.slice(0, 160)}`);
      }
    }
    await page.reload();
    if (width !== 320) await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
  }

  // The keyboard alone: the skip link first, every stop seen, every table of numbers opened and moved.
  await page.setViewport({ width: 380, height: 900 });
  await page.reload();
  const here = () => page.evaluate(() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    return {
      tag: at.tagName, words: (at.textContent ?? '').slice(0, 60), id: at.id,
      isSeen: box.width > 0 && box.height > 0 && box.right > 0 && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    };
  });
  await page.keyboard.press('Tab');
  const first = await here();
  if (first.tag !== 'A' || !first.words.startsWith('Skip') || !first.isSeen) fault(`the first stop is ${JSON.stringify(first)}`);
  await page.keyboard.press('Enter');
  if ((await here()).id !== 'main') fault('the skip link does not lead to the answer');
  const stops = await page.evaluate(() => document.querySelectorAll('main a, main summary, main [tabindex="0"]').length);
  let opened = 0;
  let moved = 0;
  for (let stop = 0; stop < stops + 5; stop += 1) {
    await page.keyboard.press('Tab');
    const at = await here();
    if (at.tag === 'BODY' || at.tag === 'HTML') break;
    if (!at.isSeen) fault(`a stop is not seen: ${JSON.stringify(at)}`);
    if (at.tag === 'SUMMARY') {
      const isOpen = () => page.evaluate(() => document.activeElement.parentElement.open);
      const before = await isOpen();
      await page.keyboard.press('Enter');
      if ((await isOpen()) === before) fault(`Enter does nothing at ${at.words}`);
      if (before) await page.keyboard.press('Enter');
      opened += 1;
    } else if (at.tag === 'DIV') {
      await page.keyboard.press('ArrowRight');
      moved += 1;
    }
  }
  const summaries = await page.evaluate(() => document.querySelectorAll('summary').length);
  if (opened !== summaries) fault(`the keyboard reaches ${opened} of ${summaries} tables of numbers`);
  if (moved === 0) fault('the keyboard reaches no table');

  // On paper every table of numbers is there, opened or not.
  await page.setViewport({ width: 1280, height: 900 });
  await page.reload();
  await page.emulateMediaType('print');
  const hidden = await page.evaluate(() => [...document.querySelectorAll('details table')]
    .filter((table) => table.getBoundingClientRect().height === 0 || !table.checkVisibility({ contentVisibilityAuto: true })).length);
  if (hidden) fault(`${hidden} tables are not printed`);
  await page.pdf({ path: join(pictures, `${name}.pdf`), preferCSSPageSize: true, printBackground: true });
  await page.close();
}

await browser.close();
for (const words of faults) console.error(words);
console.log(`${reports.length} pages, ${faults.length} faults; pictures in ${pictures}`);
process.exit(faults.length ? 1 : 0);
