using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>
/// Files and folders with the members that PowerShell's file provider adds to them. Commands such as <c>Get-Content</c> and
/// <c>Remove-Item</c> find a piped file by its <c>PSPath</c>: without it they find nothing, or take the name for a pattern.
/// </summary>
internal static class ProviderItems
{
    private const string Provider = @"Microsoft.PowerShell.Core\FileSystem::";
    private const string GetItem = "param($path) Microsoft.PowerShell.Management\\Get-Item -LiteralPath $path -Force -ErrorAction Ignore";

    // What only a session can say: it is asked when somebody reads it, as most never do.
    private static readonly PSCodeProperty[] Lazy =
    [
        .. new[] { nameof(PSDrive), nameof(PSProvider), nameof(UnixStat) }
            .Where(name => name != nameof(UnixStat) || !OperatingSystem.IsWindows())
            .Select(name => new PSCodeProperty(name, typeof(ProviderItems).GetMethod(name))),
    ];

    private static readonly ConditionalWeakTable<object, PSObject> Items = new();

    // What the provider itself calls; a view of many files asks it for each. Without it, Get-Item is asked.
    private static readonly Func<string, object>? ReadStat = typeof(PSObject).Assembly
        .GetType("System.Management.Automation.Platform+Unix")?.GetMethod("GetLStat", [typeof(string)])?
        .CreateDelegate<Func<string, object>>();

    /// <summary>The forms in which files and folders are stored: their full paths.</summary>
    public static IEnumerable<TextForm> Forms =>
    [
        new("file", typeof(FileInfo), PathOf, path => Decorated(new FileInfo(path))),
        new("directory", typeof(DirectoryInfo), PathOf, path => Decorated(new DirectoryInfo(path))),
    ];

    /// <summary>The drive of a file.</summary>
    /// <param name="file">The file.</param>
    public static object? PSDrive(PSObject file) => Ask(file, nameof(PSDrive));

    /// <summary>The provider of a file.</summary>
    /// <param name="file">The file.</param>
    public static object? PSProvider(PSObject file) => Ask(file, nameof(PSProvider));

    /// <summary>What the system says of a file, on Unix.</summary>
    /// <param name="file">The file.</param>
    public static object? UnixStat(PSObject file)
    {
        if (ReadStat is null)
            return Ask(file, nameof(UnixStat));
        try
        {
            return ReadStat(PathOf(file.BaseObject));
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
        {
            // It is gone, or its folder cannot be read.
            return null;
        }
    }

    private static string PathOf(object file) => ((FileSystemInfo)file).FullName;

    private static FileSystemInfo Decorated(FileSystemInfo file)
    {
        // PowerShell keeps the members with the file itself, and finds them again wherever it wraps it.
        var members = PSObject.AsPSObject(file).Properties;
        members.Add(new PSNoteProperty("PSPath", Provider + file.FullName), preValidated: true);
        members.Add(new PSNoteProperty("PSParentPath", ParentOf(file) is { } parent ? Provider + parent : ""), preValidated: true);
        members.Add(new PSNoteProperty("PSChildName", file.Name), preValidated: true);
        members.Add(new PSNoteProperty("PSIsContainer", file is DirectoryInfo), preValidated: true);
        foreach (var property in Lazy)
            members.Add((PSCodeProperty)property.Copy(), preValidated: true);
        return file;
    }

    private static string? ParentOf(FileSystemInfo file) => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(file.FullName));

    private static object? Ask(PSObject file, string name)
    {
        if (Runspace.DefaultRunspace is null)
            return null;
        if (!Items.TryGetValue(file.BaseObject, out var item))
        {
            item = ScriptBlock.Create(GetItem).Invoke(PathOf(file.BaseObject)).FirstOrDefault();
            if (item is null)
                return null;
            Items.AddOrUpdate(file.BaseObject, item);
        }

        return item.Properties[name]?.Value;
    }
}
