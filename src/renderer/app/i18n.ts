import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { everyPartNeeds } from "../lib/load-part.ts";
import { first } from "./locales/en.ts";

void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: first },
  defaultNS: "common",
  // React renders text nodes only, so that escaping here would show `&amp;`.
  interpolation: { escapeValue: false },
  // The texts are in the bundle: ready at once, without a second render.
  initAsync: false,
});

everyPartNeeds(async () => {
  const { later } = await import("./locales/en-later.ts");
  for (const [area, texts] of Object.entries(later)) i18next.addResourceBundle("en", area, texts);
});
