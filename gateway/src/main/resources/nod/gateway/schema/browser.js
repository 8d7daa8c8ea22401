"use strict";

/*
 * The document calls its schemes apiKey, as authentik's does: Swagger UI would send a pasted token
 * as the whole header. A value of one word is a token, and the gateway expects "Bearer" before it.
 */
function withBearer(request) {
  const credential = request.headers?.Authorization?.trim();
  if (credential && !/\s/.test(credential)) {
    request.headers.Authorization = `Bearer ${credential}`;
  }
  return request;
}

SwaggerUIBundle({
  url: "schema/",
  dom_id: "#api",
  deepLinking: true,
  displayOperationId: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  // A credential is forgotten with the page.
  persistAuthorization: false,
  // Neither the document nor anything else leaves for a validator elsewhere.
  validatorUrl: null,
  requestInterceptor: withBearer,
});
