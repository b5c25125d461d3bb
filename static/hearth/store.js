// What this browser keeps, in its own database: keys, sealed texts, and whom somebody takes along. Nothing of it in plain.
const NAME = "hearth";
const BY = { keys: "person", kept: "id", along: "person" }; // each store, and what its rows are found by
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(BY)) request.result.createObjectStore(store, { keyPath });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => (opening = null);
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  }).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

// Does `act` with the stores, and answers once it is on the disk: a phone may go off at any moment.
export async function inStores(names, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, "readwrite", { durability: "strict" });
    let answer;
    transaction.oncomplete = () => resolve(answer);
    transaction.onabort = () => reject(transaction.error ?? new Error("Nothing was kept."));
    act(...names.map((name) => transaction.objectStore(name)), (value) => (answer = value));
  });
}

export async function row(store, name) {
  return asked(store, (rows) => rows.get(name));
}

export async function rows(store) {
  return asked(store, (all) => all.getAll());
}

async function asked(store, question) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const request = question(database.transaction(store).objectStore(store));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
