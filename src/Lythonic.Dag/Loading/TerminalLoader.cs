using Lythonic.Dag.Watching;

namespace Lythonic.Dag.Loading;

/// <summary>Loads the screen from <c>deps/</c> beside the module, once a process.</summary>
internal static class TerminalLoader
{
    // Of the process, as load contexts are: an assembly is loaded once, also over Import-Module -Force.
    private static readonly Lazy<Type> Screen = new(
        () => DependencyLoadContext.Load("Lythonic.Dag.Terminal").GetType("Lythonic.Dag.Terminal.TerminalScreen", throwOnError: true)!);

    /// <summary>A screen on the console of this process; it is not touched yet.</summary>
    /// <param name="hasColours">Whether it shows colours.</param>
    public static IRunScreen Open(bool hasColours) => (IRunScreen)Activator.CreateInstance(Screen.Value, [hasColours])!;
}
