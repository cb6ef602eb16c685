using System.Runtime.InteropServices;

namespace Lythonic.Dag.Transport;

/// <summary>The PowerShell of this machine, as a program that can be started again.</summary>
public static class PowerShellProgram
{
    private static readonly string[] ServerArguments = ["-s", "-NoLogo", "-NoProfile"];

    /// <summary>
    /// The command line that starts the PowerShell that runs, or the one on the path if another program hosts PowerShell.
    /// </summary>
    /// <param name="home">The folder of the PowerShell that runs, its <c>$PSHOME</c>.</param>
    public static HostCommand ServerOf(string home)
    {
        ArgumentNullException.ThrowIfNull(home);
        var program = Path.Combine(home, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        // The one that is a .NET tool is a library, which the runtime's own program runs. A program may lie beside it that not everybody
        // may run.
        var library = Path.Combine(home, "pwsh.dll");
        if (File.Exists(library) && Environment.ProcessPath is { } own && IsDotnet(own))
            return new HostCommand([own, library, .. ServerArguments]);
        if (IsProgram(program))
            return new HostCommand([program, .. ServerArguments]);
        return File.Exists(library) && DotnetProgram() is { } dotnet
            ? new HostCommand([dotnet, library, .. ServerArguments])
            : new HostCommand(["pwsh", .. ServerArguments]);
    }

    /// <summary>Whether a command line starts a PowerShell, which may be a library that the .NET runtime's program runs.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static bool Is(string program, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return IsNamed(program, "pwsh") || (IsDotnet(program) && arguments is [var library, ..] && IsNamed(library, "pwsh"));
    }

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != 0);

    private static bool IsDotnet(string path) => IsNamed(path, "dotnet");

    private static bool IsNamed(string path, string name) =>
        string.Equals(Path.GetFileNameWithoutExtension(path), name, StringComparison.OrdinalIgnoreCase);

    private static string? DotnetProgram()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var root = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(runtime)));
        var program = Path.Combine(root ?? "", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return root is not null && File.Exists(program) ? program : null;
    }
}
