/** What a developer writes into the request form, by the name of the field. */
export const ANSWERS: Record<string, string> = {
  description:
    'A diary for people with diabetes. It draws their own readings beside what they ate and did, so that they can talk about them at their next visit.',
  target_users: 'Adults with diabetes who keep a diary, and the clinicians they show it to.',
  cgm_need: 'Without the readings the diary could not show what a meal or a walk did.',
  data_use: 'Readings are drawn on the diary page and kept for 90 days; nobody else receives them.',
  data_display: 'As a line with its unit and time, with “low” and “high” as words and gaps left open.',
  branding: 'The sensor is named in words as the source of the readings; no logo is used.',
  privacy_policy: 'https://tidelog.example/privacy',
  terms_of_service: 'https://tidelog.example/terms',
  legal_name: 'Tidelog ApS',
  legal_address: 'Havnegade 12\n1058 København K\nDenmark',
  signing_authority: 'Maya Lindqvist, entitled to sign alone',
  business_model: 'People pay 3 euros a month. There is no advertising.',
  contact_name: 'Maya Lindqvist',
  contact_email: 'maya@tidelog.example',
  support_email: 'support@tidelog.example',
  security_email: 'security@tidelog.example',
  launch_date: '2027-05-03',
  expected_users: '1200',
  regulatory_position: 'A diary that shows data and gives no advice; not a medical device in our reading.',
  architecture: 'A phone app, an API server and a worker. The server alone talks to the data API.',
  token_storage: 'Refresh tokens are encrypted with a key from the key service.',
  subprocessors: 'One hosting company in the EU.',
  retention: 'For 90 days, and until the account is deleted.',
  call_volume: 'About 60 calls an hour at the busiest time.',
  test_account: 'User7 of the sandbox.',
  store_links: 'https://tidelog.example/get',
  changes_since_limited: 'Readings are fetched by the worker instead of on opening the app.',
};

/** Ticked where the form offers a choice of several. */
export const CHOICES: Record<string, string[]> = {
  use_kind: ['individual'],
  regions: ['eu', 'uk'],
};
