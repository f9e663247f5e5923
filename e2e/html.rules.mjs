// The rules of html-validate for every page as it is served. `recommended`, `document` and `a11y`
// hold the HTML standard, WAI-ARIA, WCAG and habits that avoid mistakes; what is set otherwise here
// has its reason.

/** @type {import('html-validate').ConfigData} */
export default {
  root: true,
  extends: ['html-validate:recommended', 'html-validate:document', 'html-validate:a11y'],
  rules: {
    // Leptos writes `crossorigin=""`; both forms mean the same.
    'attribute-empty-style': 'off',
    // The boxes and radios of a question share its name with a hidden field in front of them, which
    // says that the question was there (app/src/components/choice.rs); the rule knows no such group.
    'form-dup-name': 'off',
    // What was refused is said above the head of the page, where it takes the focus: its heading is
    // the first one then. That each page has a heading of the first level is axe's to check.
    'heading-level': ['error', { minInitialRank: 'h2' }],
    // Titles hold names and subjects that people have typed, as long as they are.
    'long-title': 'off',
    // Texts in `pre` are shown as they came: the line that begins a mail's signature ends in a space.
    'no-trailing-whitespace': 'off',
    // Files of our own come from where the page comes from, under the hash of their contents.
    'require-sri': ['error', { target: 'crossorigin' }],
    // HTML allows a full stop in an id; those of controls are made of the names of form and field.
    'valid-id': ['error', { relaxed: true }],
  },
};
