"""The request in compiled languages: C# with HttpClient, Java with java.net.http."""

from webservices.tester.compose.snippets.literals import csharp, java
from webservices.tester.compose.snippets.request import PLACEHOLDER, VARIABLE, Request

CONTENT_HEADERS = ("content-type",)  # HttpClient refuses them among the headers of the request


def csharp_client(request: Request) -> str:
    """C# as a program of one file, for .NET as for .NET Framework and Mono."""
    content = _csharp_body(request)
    message = f"new HttpRequestMessage(new HttpMethod({csharp(request.method)}), {csharp(request.url)})"
    statements = [
        f"request.Headers.TryAddWithoutValidation({csharp(name)}, {csharp(value)});"
        for name, value in request.headers.items()
        if name not in CONTENT_HEADERS
    ]
    if request.user:
        pair = f"Convert.ToBase64String(Encoding.UTF8.GetBytes({csharp(request.user + ':')} + secret))"
        statements.append(f'request.Headers.Authorization = new AuthenticationHeaderValue("Basic", {pair});')
    if request.bearer:
        statements.append('request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);')
    statements += [*content, *CSHARP_ANSWER]
    secret = f'        var secret = Environment.GetEnvironmentVariable("{VARIABLE}") ?? "";'
    lines = [
        *CSHARP_BEGINS,
        *([secret] if request.needs_secret else []),
        "        using (var client = new HttpClient())",
        f"        using (var request = {message})",
        "        {",
        *(f"            {line}" for line in statements),
        "        }",
        "    }",
        "}",
    ]
    return "\n".join(lines) + "\n"


CSHARP_BEGINS = (
    "using System;",
    "using System.Net.Http;",
    "using System.Net.Http.Headers;",
    "using System.Text;",
    "",
    "public static class Program",
    "{",
    "    public static void Main()",
    "    {",
)
# No `async Main` here and no `using var` above: the compiler of .NET Framework knows C# 5 and no later one.
CSHARP_ANSWER = (
    "var answer = client.SendAsync(request).Result;",
    'Console.WriteLine((int)answer.StatusCode + " " + answer.ReasonPhrase);',
    "Console.WriteLine(answer.Content.ReadAsStringAsync().Result);",
)
CSHARP_XML = "System.Security.SecurityElement.Escape(secret)"
# By hand, since System.Text.Json is not part of .NET Framework.
CSHARP_JSON = 'secret.Replace("\\\\", "\\\\\\\\").Replace("\\"", "\\\\\\"")'


def _csharp_body(request: Request) -> list[str]:
    if not request.body:
        return []
    lines = [f"var body = {csharp(request.body)};"]
    if request.has_placeholder:
        escaped = CSHARP_XML if request.body.lstrip().startswith("<") else CSHARP_JSON
        lines.append(f'body = body.Replace("{PLACEHOLDER}", {escaped});')
    kind = request.headers.get("content-type", "text/plain")
    return [
        *lines,
        # Not StringContent, which writes a Content-Type of its own with a charset.
        "request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));",
        f"request.Content.Headers.TryAddWithoutValidation({csharp('content-type')}, {csharp(kind)});",
    ]


def java_client(request: Request) -> str:
    """Java as a program of one file, `java Send.java`."""
    statements = [f"        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create({java(request.url)}));"]
    if request.needs_secret:
        statements.insert(0, f'        String secret = System.getenv("{VARIABLE}");')
    statements += [f"        request.header({java(name)}, {java(value)});" for name, value in request.headers.items()]
    if request.user:
        pair = f"({java(request.user + ':')} + secret).getBytes(StandardCharsets.UTF_8)"
        coded = f"Base64.getEncoder().encodeToString({pair})"
        statements.append(f'        request.header("authorization", "Basic " + {coded});')
    if request.bearer:
        statements.append('        request.header("authorization", "Bearer " + secret);')
    statements += _java_body(request)
    statements += [
        "        HttpResponse<String> answer = HttpClient.newHttpClient()",
        "            .send(request.build(), HttpResponse.BodyHandlers.ofString());",
        "        System.out.println(answer.statusCode());",
        "        System.out.println(answer.body());",
    ]
    return "\n".join([*JAVA_BEGINS, *statements, "    }", "}"]) + "\n"


JAVA_BEGINS = (
    "import java.net.URI;",
    "import java.net.http.HttpClient;",
    "import java.net.http.HttpRequest;",
    "import java.net.http.HttpResponse;",
    "import java.nio.charset.StandardCharsets;",
    "import java.util.Base64;",
    "",
    "public class Send {",
    "    public static void main(String[] arguments) throws Exception {",
)
# Quotes may stay: the secret is the text of an element, never the value of an attribute.
JAVA_XML = '.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")'
JAVA_JSON = '.replace("\\\\", "\\\\\\\\").replace("\\"", "\\\\\\"")'


def _java_body(request: Request) -> list[str]:
    method = java(request.method)
    if not request.body:
        return [f"        request.method({method}, HttpRequest.BodyPublishers.noBody());"]
    lines = [f"        String body = {java(request.body)};"]
    if request.has_placeholder:
        escaped = JAVA_XML if request.body.lstrip().startswith("<") else JAVA_JSON
        lines.append(f'        body = body.replace("{PLACEHOLDER}", secret{escaped});')
    return [*lines, f"        request.method({method}, HttpRequest.BodyPublishers.ofString(body));"]
