namespace Lythonic.Dag.Export;

/// <summary>Finds the format that the extension of a file stands for.</summary>
internal static class FileForm
{
    /// <summary>The known extensions, as a text.</summary>
    public const string Known = ".html and .htm (a page), .dot and .gv (Graphviz), .mmd, .mermaid, .md and .txt (Mermaid)";

    /// <summary>The format; <see langword="null"/> if the extension is unknown. A file without an extension is Mermaid.</summary>
    /// <param name="file">The file.</param>
    public static ExportForm? Find(string file) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".HTML" or ".HTM" => ExportForm.Html,
        ".DOT" or ".GV" => ExportForm.Dot,
        "" or "." or ".MMD" or ".MERMAID" or ".MD" or ".TXT" => ExportForm.Mermaid,
        _ => null,
    };
}
