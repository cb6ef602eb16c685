using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Loading;

/// <summary>Loads the screen from <c>deps/</c> beside the module, once in a process.</summary>
internal static class TerminalLoader
{
    // Static, because load contexts belong to the process: the assembly is loaded once, even after Import-Module -Force.
    private static readonly Lazy<Type> Screen = new(
        () => DependencyLoadContext.Load("Lythonic.Dag.Terminal").GetType("Lythonic.Dag.Terminal.TerminalScreen", throwOnError: true)!);

    /// <summary>Makes a screen on the console of this process. The console is not touched yet.</summary>
    /// <param name="hasColours">Whether it shows colours.</param>
    public static IRunScreen Open(bool hasColours) => (IRunScreen)Activator.CreateInstance(Screen.Value, [hasColours])!;
}
