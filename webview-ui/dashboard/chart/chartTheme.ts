/** Colours of charts as the current theme has them. */
export interface ChartTheme {
  text: string;
  grid: string;
  calls: string;
  errors: string;
  median: string;
  slow: string;
  font: string;
}

/** Read anew after each change of theme. */
export function chartTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const colour = (...names: string[]) =>
    names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((each) => each) ??
    getComputedStyle(document.body).color;
  return {
    text: colour('foreground'),
    grid: colour('charts-lines', 'widget-border', 'contrastBorder'),
    calls: colour('charts-blue'),
    errors: colour('charts-red', 'errorForeground'),
    median: colour('charts-blue'),
    slow: colour('charts-purple'),
    font: `11px ${style.getPropertyValue('--vscode-font-family') || 'sans-serif'}`,
  };
}

/** Calls `listener` after each change of theme. @returns how to stop */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(() => listener());
  // VS Code writes the colours into the document's style, and the kind of theme into the body's class
  observer.observe(document.documentElement, { attributeFilter: ['style'] });
  observer.observe(document.body, { attributeFilter: ['class'] });
  return () => observer.disconnect();
}
