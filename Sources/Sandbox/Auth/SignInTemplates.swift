import Mustache

/// The markup of the pages.
enum SignInTemplates {
    static func compiled() throws -> [String: MustacheTemplate] {
        MustacheContentTypes.register(EscapedByScalar(), named: EscapedByScalar.name)
        return try ["sign-in": signIn, "consent": consent, "failure": failure].mapValues {
            try MustacheTemplate(string: "{{% CONTENT_TYPE:\(EscapedByScalar.name)}}" + head + $0 + tail)
        }
    }

    static let style = """
        :root{color-scheme:light dark}
        body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
        main{box-sizing:border-box;width:min(26rem,100%);padding:2rem}
        h1{font-size:1.4rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}
        p,li{overflow-wrap:anywhere}
        ul{padding-left:1.25rem}
        label{display:block;margin:1rem 0 .25rem;font-weight:600}
        input{box-sizing:border-box;width:100%;padding:.6rem;font:inherit;border:1px solid GrayText;border-radius:.4rem}
        button{margin:1.5rem .5rem 0 0;padding:.6rem 1.2rem;font:inherit;font-weight:600;border:1px solid #1f5fbf;border-radius:.4rem;\
        background:#1f5fbf;color:#fff}
        button.quiet{background:none;color:inherit;border-color:GrayText}
        .message{padding:.6rem .8rem;border-left:4px solid #c62828;background:color-mix(in srgb,#c62828 12%,Canvas)}
        small{display:block;margin-top:2rem;opacity:.75}
        """

    private static let head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>{{title}}</title>
        <style>\(style)</style>
        </head>
        <body>
        <main>

        """

    private static let tail = """
        <small>Sandbox: an invented company, nobody’s real account.</small>
        </main>
        </body>
        </html>

        """

    private static let signIn = """
        <h1>Sign in to {{company}}</h1>
        <p>{{application}} asks for access to this account.</p>
        {{#message}}<p class="message" role="alert" id="message">{{.}}</p>{{/message}}
        <form method="post" action="/oauth/authorize">
        {{#hidden}}<input type="hidden" name="{{name}}" value="{{value}}">{{/hidden}}
        <label for="username">Email address</label>
        <input id="username" name="username" type="text" inputmode="email" autocomplete="username" autocapitalize="none" \
        spellcheck="false" maxlength="254" required autofocus value="{{address}}">
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required>
        <button type="submit">Sign in</button>
        </form>

        """

    private static let consent = """
        <h1>Allow {{application}}?</h1>
        <p>You are signed in to {{company}} as {{person}}.</p>
        {{^none}}<p>It would be able to:</p>
        <ul>{{#rights}}<li>{{.}}</li>{{/rights}}</ul>{{/none}}
        {{#none}}<p>It would learn who you are, and could do nothing else: your account has no administrator role.</p>{{/none}}
        <form method="post" action="/oauth/authorize">
        <input type="hidden" name="consent" value="{{consent}}">
        <button type="submit" name="decision" value="allow">Allow</button>
        <button type="submit" name="decision" value="deny" class="quiet">Deny</button>
        </form>

        """

    private static let failure = """
        <h1>{{title}}</h1>
        <p class="message" role="alert">{{message}}</p>
        <p>Go back to the application and begin again.</p>

        """
}

/// Escapes for HTML by Unicode scalar. The library's own way goes by character, and a quote with a combining mark after it is another
/// character than a quote: it would come through as it is and end an attribute.
struct EscapedByScalar: MustacheContentType {
    static let name = "ESCAPED-BY-SCALAR"

    func escapeText(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            case "\u{0}": escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
