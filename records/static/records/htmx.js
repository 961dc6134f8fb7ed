// The site's policy runs nothing that stands in a page, and htmx is to try none of it.
Object.assign(htmx.config, { includeIndicatorStyles: false, allowEval: false, allowScriptTags: false });
