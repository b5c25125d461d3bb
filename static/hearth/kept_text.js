// The text of one form, as this device keeps it: one after another, so that the later one is the one that stays.
import { writtenIn } from "./content.js";
import { keep, keptBy, letGo } from "./keeping.js";

// `ready` is when this device has a key; `onKept` is told each time.
export function keptText(form, ready, onKept) {
  const { person } = document.body.dataset;
  const text = { id: crypto.randomUUID?.() ?? "", address: location.pathname, title: titleOf(form), isReady: false };
  let keeping = ready.then(() => false, () => false);
  const kept = {
    text,
    body: null, // what is kept here; null where nothing is

    // Answers whether the last one was kept.
    put(body, basedOn, hasFailed) {
      Object.assign(text, { content: body, basedOn, typedAt: Math.max(Date.now(), (text.typedAt ?? 0) + 1) });
      const whole = { ...text, written: writtenIn(form), hasFailed };
      keeping = keeping
        .then(() => Boolean(person) && keep(person, whole))
        .catch(() => false)
        .then((isKept) => {
          kept.body = isKept ? body : kept.body;
          onKept();
          return isKept;
        });
      return keeping;
    },

    last: () => keeping,

    async letGo(body) {
      await keeping;
      if (text.content !== body || text.isReady) return;
      kept.body = null;
      await letGo(text).catch(() => null);
    },

    // What an earlier opening of this page left here, and nobody has acknowledged.
    async left() {
      await keeping;
      const texts = person ? await keptBy(person).catch(() => []) : [];
      return texts.findLast((each) => each.address === text.address) ?? null;
    },

    // Goes on with that one: from now on it is this page's.
    adopt(earlier, body) {
      const { id, typedAt, content, title } = earlier;
      Object.assign(text, { id, typedAt, content, title });
      kept.body = body === content ? content : null;
    },

    drop: (one = text) => (one.typedAt ? letGo({ ...one, typedAt: Infinity }).catch(() => null) : null),
  };
  return kept;
}

function titleOf(form) {
  const heading = form.closest("main")?.querySelector("h1");
  const caption = form.closest("main")?.querySelector("[class*='govuk-caption']:not([hidden])");
  const words = [heading, caption].map((each) => each?.textContent.trim().replace(/\s+/g, " ")).filter(Boolean);
  return words.join(": ") || document.title;
}
