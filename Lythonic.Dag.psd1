@{
    # No RootModule: that is loaded before all others, and the first of these says which file of the second one is.
    NestedModules        = @('lib/Lythonic.Dag.Platform.dll', 'lib/Lythonic.Dag.dll')
    ModuleVersion        = '0.1.0'
    GUID                 = '5f0c8e0a-6d0b-4f5e-9a53-0c5c2b9d7e41'
    Author               = 'The Lythonic.Dag authors'
    CompanyName          = 'The Lythonic.Dag authors'
    Copyright            = '(c) The Lythonic.Dag authors. MIT license.'
    Description          = 'Pipelines as a DAG: scriptblocks and .NET methods wired by type, run concurrently, kept in SQLite, and paused, restarted or replayed.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('lib/Lythonic.Dag.Types.ps1xml')
    FormatsToProcess     = @('lib/Lythonic.Dag.Format.ps1xml')
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    CmdletsToExport      = @(
        'New-Dag', 'Add-DagNode', 'Connect-DagNode', 'Test-Dag', 'Invoke-Dag', 'Restart-DagRun', 'Invoke-DagReplay', 'Get-DagRun',
        'Invoke-DagMap', 'Invoke-DagNode', 'New-DagHost', 'Export-Dag', 'Suspend-DagRun', 'Remove-DagRun', 'Compare-DagRun', 'Watch-DagRun'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('DAG', 'Pipeline', 'Workflow', 'Parallel', 'SQLite', 'Provenance', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://licenses.nuget.org/MIT'
            # The one place for the address of the project, once it has one; it may not be empty.
            # ProjectUri = 'https://…'
            ReleaseNotes = '0.1.0: the first version. DAGs of scriptblocks and .NET methods, wired by type; map, call and switch nodes; runs kept in SQLite; pause, restart and replay.'
        }
    }
}
