"""The request in compiled languages: C# with HttpClient, Java with java.net.http."""

from webservices.testpage.snippets.request import PLACE, VARIABLE, Request
from webservices.testpage.snippets.writing import csharp, java

CONTENT_HEADERS = ("content-type",)  # in C# these belong to the content


def csharp_client(request: Request) -> str:
    """C# as a program of one file."""
    lines = [
        "using System.Net.Http.Headers;",
        "using System.Text;",
        "",
        *([f'var secret = Environment.GetEnvironmentVariable("{VARIABLE}") ?? "";'] if request.needs_secret else []),
        "using var client = new HttpClient();",
        f"using var request = new HttpRequestMessage(new HttpMethod({csharp(request.method)}), {csharp(request.url)});",
    ]
    lines += [
        f"request.Headers.TryAddWithoutValidation({csharp(name)}, {csharp(value)});"
        for name, value in request.headers.items()
        if name not in CONTENT_HEADERS
    ]
    if request.user:
        pair = f"Convert.ToBase64String(Encoding.UTF8.GetBytes({csharp(request.user + ':')} + secret))"
        lines.append(f'request.Headers.Authorization = new AuthenticationHeaderValue("Basic", {pair});')
    if request.bearer:
        lines.append('request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);')
    lines += _csharp_body(request)
    lines += [
        "using var answer = await client.SendAsync(request);",
        'Console.WriteLine($"{(int)answer.StatusCode} {answer.ReasonPhrase}");',
        "Console.WriteLine(await answer.Content.ReadAsStringAsync());",
    ]
    return "\n".join(lines) + "\n"


def _csharp_body(request: Request) -> list[str]:
    if not request.body:
        return []
    lines = [f"var body = {csharp(request.body)};"]
    if request.has_place:
        escaped = "System.Security.SecurityElement.Escape(secret)"
        if not request.body.lstrip().startswith("<"):
            escaped = "System.Text.Json.JsonEncodedText.Encode(secret).ToString()"
        lines.append(f'body = body.Replace("{PLACE}", {escaped});')
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
    if request.has_place:
        escaped = JAVA_XML if request.body.lstrip().startswith("<") else JAVA_JSON
        lines.append(f'        body = body.replace("{PLACE}", secret{escaped});')
    return [*lines, f"        request.method({method}, HttpRequest.BodyPublishers.ofString(body));"]
