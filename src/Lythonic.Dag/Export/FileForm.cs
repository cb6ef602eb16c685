namespace Lythonic.Dag.Export;

/// <summary>The form that the ending of a file means.</summary>
internal static class FileForm
{
    /// <summary>The endings that mean one, in words.</summary>
    public const string Known = ".html and .htm (a page), .dot and .gv (Graphviz), .mmd, .mermaid, .md and .txt (Mermaid)";

    /// <summary>The form; <see langword="null"/> where the ending means something else. A file without one is Mermaid.</summary>
    /// <param name="file">The file.</param>
    public static ExportForm? Of(string file) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".HTML" or ".HTM" => ExportForm.Html,
        ".DOT" or ".GV" => ExportForm.Dot,
        "" or "." or ".MMD" or ".MERMAID" or ".MD" or ".TXT" => ExportForm.Mermaid,
        _ => null,
    };
}
