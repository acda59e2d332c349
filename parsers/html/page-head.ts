import { hash } from 'node:crypto';
import { Html, html } from './html.ts';
import { pageStyle } from './page-style.ts';

/**
 * From the doctype to `<body>`.
 *
 * The policy allows the one style and the one script by their digests and nothing else, no request least of all, so that a name
 * that got through as markup would still do nothing. Source: W3C, Content Security Policy Level 3, §2.3.1 and §6.7.
 */
export function pageHead({ title, script }: { title: string; script?: string }): Html {
  const policy = [
    "default-src 'none'",
    `style-src ${sourceOf(pageStyle)}`,
    ...(script === undefined ? [] : [`script-src ${sourceOf(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
`;
}

function sourceOf(text: string): string {
  return `'sha256-${hash('sha256', text, 'base64')}'`;
}
