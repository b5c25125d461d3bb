// The key under which this browser seals what one person types (AES-GCM). It is made here, and no script can read it out.
import { inStores, row, rows } from "./store.js";

const AES = "AES-GCM";

// Made where the person is signed in; the browser keeps it when the session ends, and drops it at sign-out.
export async function makeKey(person) {
  const made = await crypto.subtle.generateKey({ name: AES, length: 256 }, false, ["encrypt", "decrypt"]);
  await inStores(["keys"], (keys) => {
    keys.get(person).onsuccess = ({ target }) => keys.put({ person, key: target.result?.key ?? made, seenAt: Date.now() });
  });
}

// Who was signed in here last; empty where everybody has signed out.
export async function lastPerson() {
  const all = await rows("keys");
  return all.sort((one, other) => other.seenAt - one.seenAt)[0]?.person ?? "";
}

// What is sealed for one person opens for nobody else. Null where there is no key.
export async function seal(person, value) {
  const key = (await row("keys", person))?.key;
  if (!key) return null;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, sealed: await crypto.subtle.encrypt(how(iv, person), key, plain) };
}

// Null where it cannot be opened: it was sealed under a key that is gone.
export async function unseal(person, { iv, sealed }) {
  const key = (await row("keys", person))?.key;
  const plain = key && (await crypto.subtle.decrypt(how(iv, person), key, sealed).catch(() => null));
  return plain ? JSON.parse(new TextDecoder().decode(plain)) : null;
}

function how(iv, person) {
  return { name: AES, iv, additionalData: new TextEncoder().encode(person) };
}
