// What somebody typed and the server has not acknowledged: kept on this device, sealed, until it has, or until sign-out.
//
// A kept text is {id, address, title, basedOn, content, typedAt, isReady}: the form at an address of this site, what it
// holds as it is sent, and whether its author has pressed the button that sends it.
import { seal, unseal } from "./crypt.js";
import { inStores, row, rows } from "./store.js";

// False where it cannot be kept: the person has signed out here, or the browser keeps nothing.
export async function keep(person, text) {
  const sealed = await seal(person, text);
  if (!sealed) return false;
  return inStores(["keys", "kept"], (keys, kept, answer) => {
    keys.get(person).onsuccess = ({ target: { result: key } }) => {
      if (!key) return answer(false); // signed out in another tab meanwhile
      kept.get(text.id).onsuccess = ({ target: { result: before } }) => {
        if (!before || before.typedAt <= text.typedAt) kept.put({ id: text.id, person, typedAt: text.typedAt, ...sealed });
        answer(true);
      };
    };
  });
}

// The next page may have been asked for before the server had it: that page looks here once more.
let leaving = false;
window.addEventListener("beforeunload", () => (leaving = true));
window.addEventListener("pageshow", () => (leaving = false));

// The server has it. What was typed on meanwhile stays.
export async function letGo({ id, typedAt }) {
  if (leaving) return;
  await inStores(["kept"], (kept) => {
    kept.get(id).onsuccess = ({ target: { result: now } }) => {
      if (now && now.typedAt <= typedAt) kept.delete(id);
    };
  });
}

// This person's texts, the oldest first.
export async function keptBy(person) {
  const own = (await rows("kept")).filter((each) => each.person === person);
  const texts = await Promise.all(own.map((each) => unseal(person, each)));
  return texts.filter(Boolean).sort((one, other) => one.typedAt - other.typedAt);
}

// How much waits here of other people: nothing but the number can be known.
export async function numberOfOthers(person) {
  return (await rows("kept")).filter((each) => each.person !== person).length;
}

export async function keepAlong(person, list) {
  const sealed = await seal(person, list);
  if (sealed) await inStores(["along"], (along) => along.put({ person, ...sealed }));
}

export async function along(person) {
  const kept = await row("along", person);
  return kept ? unseal(person, kept) : null;
}

// At sign-out: the key goes, and all that it opened.
export async function forget(person) {
  const own = (await rows("kept")).filter((each) => each.person === person);
  await inStores(["keys", "kept", "along"], (keys, kept, list) => {
    keys.delete(person);
    list.delete(person);
    for (const { id } of own) kept.delete(id);
  });
}
