// A browser by WebDriver (W3C), as far as the tests of the page need it; nothing but fetch.
import { writeFile } from 'node:fs/promises';

const elementKey = 'element-6066-11e4-a52e-4f735466cecf';
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Browser {
  static async open(driver, more = []) {
    for (let tries = 0; ; tries += 1) {
      try {
        await (await fetch(`${driver}/status`)).json();
        break;
      } catch (error) {
        if (tries > 100) throw error;
        await sleep(100);
      }
    }
    const browser = new Browser();
    browser.driver = driver;
    const options = { args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--window-size=1600,1000', ...more] };
    const { sessionId } = await browser.call('POST', '/session', { capabilities: { alwaysMatch: { browserName: 'chrome', 'goog:chromeOptions': options, 'goog:loggingPrefs': { browser: 'ALL' } } } });
    browser.session = `/session/${sessionId}`;
    await browser.call('POST', `${browser.session}/timeouts`, { script: 60_000 });
    return browser;
  }
  async call(method, path, body) {
    const response = await fetch(this.driver + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  }
  post(path, body = {}) {
    return this.call('POST', this.session + path, body);
  }
  close() {
    return this.call('DELETE', this.session);
  }
  go(url) {
    return this.post('/url', { url });
  }
  /// A function without free names, run in the page; promises are waited for.
  async run(call, ...args) {
    const script = `const done = arguments[arguments.length - 1]; const args = Array.from(arguments).slice(0, -1);
      Promise.resolve().then(() => (${call})(...args)).then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));`;
    const { value, error } = await this.post('/execute/async', { script, args });
    if (error) throw new Error(error);
    return value;
  }
  cdp(cmd, params = {}) {
    return this.post('/goog/cdp/execute', { cmd, params });
  }
  size(width, height = 900) {
    return this.cdp('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  }
  theme(name) {
    return this.cdp('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: name }] });
  }
  async until(what, call, ...args) {
    const end = Date.now() + 60_000;
    let last;
    while (Date.now() < end) {
      try {
        last = await this.run(call, ...args);
        if (last) return last;
      } catch (error) {
        last = error.message;
      }
      await sleep(50);
    }
    const text = await this.run(() => document.body.innerText.slice(0, 2000));
    throw new Error(`it did not come to be: ${what}\nlast: ${JSON.stringify(last)}\nthe page: ${text}`);
  }
  says(text, within = 'body') {
    return this.until(`${within} says "${text}"`, (wanted, selector) => [...document.querySelectorAll(selector)].some((one) => one.innerText.includes(wanted)), text, within);
  }
  async find(selector, text = '') {
    await this.until(`there is ${selector} "${text}"`, (wanted, words) => [...document.querySelectorAll(wanted)].some((one) => one.innerText.includes(words) && one.getClientRects().length > 0), selector, text);
    return this.post('/execute/sync', {
      script: 'return [...document.querySelectorAll(arguments[0])].find((one) => one.innerText.includes(arguments[1]) && one.getClientRects().length > 0);', args: [selector, text],
    });
  }
  /// A list may be drawn anew between the look and the act: then that element is another.
  async act(selector, text, action, body = {}) {
    for (let tries = 0; ; tries += 1) {
      const element = await this.find(selector, text);
      try {
        return await this.post(`/element/${element[elementKey]}/${action}`, body);
      } catch (error) {
        if (tries === 5 || !error.message.includes('stale element reference')) throw error;
      }
    }
  }
  click(selector, text = '') {
    return this.act(selector, text, 'click');
  }
  async type(selector, text) {
    await this.act(selector, '', 'clear').catch(() => {});
    await this.act(selector, '', 'value', { text });
  }
  /// Keys of the whole page: "\uE004" is the tabulator, "\uE007" return, "\uE00C" escape.
  async keys(text) {
    const actions = [...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]);
    await this.post('/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }
  async screenshot(file) {
    await writeFile(file, Buffer.from(await this.call('GET', `${this.session}/screenshot`), 'base64'));
  }
  async newWindow() {
    const { handle } = await this.post('/window/new', { type: 'tab' });
    return handle;
  }
  window() {
    return this.call('GET', `${this.session}/window`);
  }
  switchTo(handle) {
    return this.post('/window', { handle });
  }
  /// What the browser's console has said since the last look.
  logs() {
    return this.post('/se/log', { type: 'browser' });
  }
}
