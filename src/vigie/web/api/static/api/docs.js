// A file and not an inline script: the content security policy of this site allows no other.
const place = document.getElementById("swagger-ui");
SwaggerUIBundle({ url: place.dataset.schema, dom_id: "#swagger-ui", deepLinking: true, layout: "BaseLayout" });
