// Swagger UI, light or dark as the reader's system, calling this server with the reader's own sign-in.
const place = document.getElementById("docs");

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

function csrfToken() {
  const start = place.dataset.csrfCookie + "=";
  const cookie = document.cookie.split("; ").find((each) => each.startsWith(start));
  return cookie ? decodeURIComponent(cookie.slice(start.length)) : "";
}

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  filter: false,
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (new URL(request.url, location.href).origin === location.origin) {
      request.headers[place.dataset.csrfHeader] = csrfToken();
    }
    return request;
  },
});
