import type { ConfigData } from 'html-validate';

declare const rules: ConfigData;
export default rules;
