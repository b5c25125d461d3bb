// Sends what this device has kept, and lets it go once the server has it. A form that was made ready goes to its own
// address, once: it carries the key that was made with it. What is still being typed becomes a draft.
import { keptBy, letGo } from "./keeping.js";
import { isSignedOut, json, post, session } from "./session.js";

const page = document.body.dataset;

// What became of it: {address, says}: recorded; {isDraft}; {sentences, isDraft}: refused; {other, ...}: typed on elsewhere as
// well; {mustSignIn}; {} where it waits.
export async function sendOne(text) {
  const more = new URLSearchParams({ typed_in: text.id, based_on: text.basedOn, form_at: text.address });
  const url = text.isReady ? text.address : page.drafts;
  const send = () => post(url, `${text.content}&${more}`);
  let answer = await send();
  let said = await json(answer);
  if (isSignedOut(answer) && !said?.refused) {
    const stands = await session();
    if (stands !== "in") return { mustSignIn: stands !== "away" };
    answer = await send(); // under the token of now
    said = await json(answer);
  }
  return heard(text, answer, said);
}

async function heard(text, answer, said) {
  if (said?.recorded || said?.saved_at || said?.kept) await letGo(text);
  if (said?.recorded) return { address: said.recorded === true ? "" : said.recorded, says: said.says, isDone: true };
  if (said?.saved_at) return { isDraft: true };
  if (said?.refused) return { sentences: said.refused, isDraft: said.kept && answer.status === 422 };
  if (said?.other) return { other: said.other, savedAt: said.saved_at, basedOn: said.based_on };
  if (answer?.status === 404) return { sentences: ["You cannot open this record any more. Ask your team manager."] };
  return {};
}

// Each in its turn, the oldest first; not from two tabs at once. Answers [{text, became}].
export async function sendWaiting(person, isMeant) {
  const send = async () => {
    const sent = [];
    for (const text of (await keptBy(person)).filter(isMeant)) {
      const became = await sendOne(text);
      sent.push({ text, became });
      if (!Object.keys(became).length || "mustSignIn" in became) break; // no connection: the others wait too
    }
    return sent;
  };
  return navigator.locks ? navigator.locks.request("sending", send) : send();
}
