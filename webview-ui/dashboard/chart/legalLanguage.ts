/**
 * uPlot asks for the browser's language when it is loaded, and a tag that is none (`en-US@posix`,
 * where the system's locale is POSIX) would end the page. So this is loaded before it.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: document.documentElement.lang || 'en' });
}
