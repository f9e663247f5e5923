//! An authenticator as a browser meets it (WebAuthn, 6): it makes a key for a desk and signs with it.

use casework::{
    Caller, Desk, Error,
    accounts::{self, Form},
};
use ring::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

/// In which everything is signed.
pub const BROWSER: &str = "their browser";

/// The address of the desk that the browser shows.
pub const ORIGIN: &str = "http://localhost:3000";

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const SYNCABLE: u8 = 0x08;
const SYNCED: u8 = 0x10;
const WITH_KEY: u8 = 0x40;

/// One key of an authenticator, and how it behaves.
pub struct Authenticator {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    handle: String,
    pub counter: u32,
    pub synced: bool,
    /// Whether it makes sure who holds it.
    pub verifies: bool,
    pub origin: String,
    /// The name that it takes the desk's to be, in place of what it was told.
    pub site: Option<String>,
}

impl Authenticator {
    /// Makes a key as the options ask for; the second is what the browser answers.
    pub fn make(options: &str) -> (Self, String) {
        let options: Value = serde_json::from_str(options).unwrap();
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let made = Self {
            key: EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap(),
            id: ring::rand::generate::<[u8; 32]>(&random)
                .unwrap()
                .expose()
                .to_vec(),
            handle: options["user"]["id"].as_str().unwrap().to_owned(),
            counter: 1,
            synced: false,
            verifies: true,
            origin: ORIGIN.to_owned(),
            site: None,
        };
        let answer = made.enrols(&options);
        (made, answer)
    }

    /// The answer with which this key is added, to these options.
    pub fn enrols(&self, options: &Value) -> String {
        let site = options["rp"]["id"].as_str().unwrap();
        let mut data = self.data(site, WITH_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose());
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = b"\xA3\x63fmt\x64none\x67attStmt\xA0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(data);
        self.answer(json!({
            "clientDataJSON": text(&self.client_data("webauthn.create", options)),
            "attestationObject": text(&object),
        }))
    }

    /// The public key as this authenticator encodes it.
    pub fn cose(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let mut cose = b"\xA5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        cose.extend(&point[1..33]);
        cose.extend(b"\x22\x58\x20");
        cose.extend(&point[33..65]);
        cose
    }

    /// Counts on, and signs as the options ask for.
    pub fn use_for(&mut self, options: &str) -> String {
        self.counter += 1;
        self.use_again(options)
    }

    /// The same without counting on, as a copy does it.
    pub fn use_again(&self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        assert_eq!(options["userVerification"], "required");
        let data = self.data(options["rpId"].as_str().unwrap(), 0);
        let client = self.client_data("webauthn.get", &options);
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        self.answer(json!({
            "clientDataJSON": text(&client),
            "authenticatorData": text(&data),
            "signature": text(signature.as_ref()),
            "userHandle": self.handle,
        }))
    }

    fn data(&self, site: &str, more: u8) -> Vec<u8> {
        let site = self.site.as_deref().unwrap_or(site);
        let mut flags = PRESENT | more;
        if self.verifies {
            flags |= VERIFIED;
        }
        if self.synced {
            flags |= SYNCABLE | SYNCED;
        }
        let mut data = digest(&SHA256, site.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, what: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": what,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn answer(&self, response: Value) -> String {
        let id = text(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response }).to_string()
    }
}

/// Begins to sign a step; answers the secret of the challenge, and what the browser is handed.
pub async fn asks<T: std::fmt::Debug>(
    desk: &Desk,
    who: &Caller,
    step: impl AsyncFn(&Desk) -> casework::Result<T>,
) -> (String, String) {
    let (trying, asked) = desk.asking_to_sign();
    let tried = step(&trying).await;
    assert!(matches!(tried, Err(Error::Preview)), "{tried:?}");
    let form = Form {
        step: "any".to_owned(),
        sent: Vec::new(),
    };
    let asked = asked.get().unwrap().clone();
    let secret = accounts::ask(desk, who, asked, form, BROWSER)
        .await
        .unwrap();
    let what = accounts::to_sign(desk, who, &secret, BROWSER)
        .await
        .unwrap();
    (secret, what.unwrap().options)
}

/// Takes a step signed by a passkey.
pub async fn signs<T: std::fmt::Debug>(
    desk: &Desk,
    who: &Caller,
    key: &mut Authenticator,
    step: impl AsyncFn(&Desk) -> casework::Result<T>,
) -> casework::Result<T> {
    let (secret, options) = asks(desk, who, &step).await;
    let answer = key.use_for(&options);
    let (_, signed) = accounts::answered(desk, who, &secret, &answer, BROWSER).await?;
    step(&signed).await
}

/// Bytes as base64url without padding.
fn text(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let mut padded = [0; 4];
        padded[1..=three.len()].copy_from_slice(three);
        let whole = u32::from_be_bytes(padded);
        for place in 0..=three.len() {
            let letter = (whole >> (18 - 6 * place)) & 63;
            text.push(char::from(LETTERS[usize::try_from(letter).unwrap()]));
        }
    }
    text
}
