using System.Security.Cryptography;
using System.Text;

namespace Lythonic.Dag.Export;

/// <summary>The frame of every page. A page needs no other file and runs no script but its own.</summary>
internal static class HtmlFrame
{
    /// <summary>After how many seconds a page of a run in flight reloads itself.</summary>
    public const int ReloadSeconds = 5;

    /// <summary>Renders a whole page.</summary>
    /// <param name="title">Its title, which is also its heading.</param>
    /// <param name="body">The HTML below the heading.</param>
    /// <param name="isLive">Whether it reloads itself after a while.</param>
    public static string Render(string title, string body, bool isLive = false)
    {
        // The policy allows only this script, by its hash. A script in the text of a value cannot run, and nothing is fetched.
        var script = "\n" + PageFile.Read(PageFile.Script);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        var name = HtmlEncoding.Escape(title);
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            {(isLive ? $"<meta http-equiv=\"refresh\" content=\"{ReloadSeconds}\">\n" : "")}<title>{name}</title>
            <style>
            {PageFile.Read(PageFile.Style)}</style>
            </head>
            <body>
            <main{(isLive ? " class=\"live\"" : "")}>
            <h1><bdi>{name}</bdi></h1>
            {body}</main>
            <script>{script}</script>
            </body>
            </html>

            """.ReplaceLineEndings("\n");
    }
}
