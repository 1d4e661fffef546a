import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./locales/en.ts";

void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en },
  defaultNS: "common",
  // React renders text nodes only, so that escaping here would show `&amp;`.
  interpolation: { escapeValue: false },
  // The texts are in the bundle: ready at once, without a second render.
  initAsync: false,
});
