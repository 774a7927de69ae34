// Without HTML (`#text/html-reader`, `#text/html-writer`): its 150 modules are loaded by the networks that have it.
export * from './web-addresses.js';
export * from './text-preview.js';
export * from './entities.js';
export * from './markdown.js';
export * from './text-parts.js';
export * from './plain-writer.js';
export { readRanges, writeRanges, type Range, type RangedText, type RangeKind } from './ranges.js';
export { fitsIn, splitText, type TextLimits } from './split-text.js';
export * from './split-tree.js';
export * from './styling.js';
export * from './tree.js';
