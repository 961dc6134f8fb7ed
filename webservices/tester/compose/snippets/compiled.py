"""The request in compiled languages: C# with HttpClient, Java with java.net.http."""

from webservices.tester.compose.snippets.literals import csharp, java
from webservices.tester.compose.snippets.request import PLACEHOLDER, VARIABLE, Request

CONTENT_HEADERS = ("content-type",)  # HttpClient refuses them among the headers of the request


def csharp_client(request: Request) -> str:
    """C# as a program of one file, for .NET as for .NET Framework and Mono."""
    content = _csharp_body(request)
    made = f"new HttpRequestMessage(new HttpMethod({csharp(request.method)}), {csharp(request.url)})"
    inside = [
        f"request.Headers.TryAddWithoutValidation({csharp(name)}, {csharp(value)});"
        for name, value in request.headers.items()
        if name not in CONTENT_HEADERS
    ]
    if request.user:
        pair = f"Convert.ToBase64String(Encoding.UTF8.GetBytes({csharp(request.user + ':')} + secret))"
        inside.append(f'request.Headers.Authorization = new AuthenticationHeaderValue("Basic", {pair});')
    if request.bearer:
        inside.append('request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);')
    inside += [*content, *CSHARP_ANSWER]
    secret = f'        var secret = Environment.GetEnvironmentVariable("{VARIABLE}") ?? "";'
    lines = [
        *CSHARP_BEGINS,
        *([secret] if request.needs_secret else []),
        "        using (var client = new HttpClient())",
        f"        using (var request = {made})",
        "        {",
        *(f"            {line}" for line in inside),
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
CSHARP_ANSWER = (
    "var answer = client.SendAsync(request).Result;",
    'Console.WriteLine((int)answer.StatusCode + " " + answer.ReasonPhrase);',
    "Console.WriteLine(answer.Content.ReadAsStringAsync().Result);",
)
CSHARP_XML = "System.Security.SecurityElement.Escape(secret)"
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
        "request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));",
        f"request.Content.Headers.TryAddWithoutValidation({csharp('content-type')}, {csharp(kind)});",
    ]


def java_client(request: Request) -> str:
    """Java as a program of one file, `java Send.java`."""
    inside = [f"        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create({java(request.url)}));"]
    if request.needs_secret:
        inside.insert(0, f'        String secret = System.getenv("{VARIABLE}");')
    inside += [f"        request.header({java(name)}, {java(value)});" for name, value in request.headers.items()]
    if request.user:
        pair = f"({java(request.user + ':')} + secret).getBytes(StandardCharsets.UTF_8)"
        coded = f"Base64.getEncoder().encodeToString({pair})"
        inside.append(f'        request.header("authorization", "Basic " + {coded});')
    if request.bearer:
        inside.append('        request.header("authorization", "Bearer " + secret);')
    inside += _java_body(request)
    inside += [
        "        HttpResponse<String> answer = HttpClient.newHttpClient()",
        "            .send(request.build(), HttpResponse.BodyHandlers.ofString());",
        "        System.out.println(answer.statusCode());",
        "        System.out.println(answer.body());",
    ]
    return "\n".join([*JAVA_BEGINS, *inside, "    }", "}"]) + "\n"


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
