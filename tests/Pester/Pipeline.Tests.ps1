BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../Lythonic.Dag.psd1') -Force
}

Describe 'A pipeline' {
    BeforeEach {
        $db = Join-Path $TestDrive "$([guid]::NewGuid()).db"
    }

    It 'runs nodes in the order of their edges and returns the sinks' {
        $run = New-Dag p { Add-DagNode a { 20 }; Add-DagNode b { param($a) $a + 1 } -After a } | Invoke-Dag -DatabasePath $db
        $run.Status | Should -Be completed
        $run.Outputs['b'] | Should -Be 21
    }

    It 'keeps an array declared as one at <Count> elements' -ForEach @{ Count = 0 }, @{ Count = 1 }, @{ Count = 2 } {
        $run = New-Dag p { Add-DagNode a { [OutputType([int[]])] param([int]$Count) for ($i = 0; $i -lt $Count; $i++) { $i } } } |
            Invoke-Dag -SourceInput @{ Count = $Count } -DatabasePath $db
        , $run.Outputs['a'] | Should -BeOfType ([int[]])
        $run.Outputs['a'].Count | Should -Be $Count
    }

    It 'maps over a list in its order' {
        $run = New-Dag p { Add-DagNode a { 1..50 }; Add-DagNode m -Map { $_ * 2 } -After a } | Invoke-Dag -DatabasePath $db
        $run.Outputs['m'] | Should -Be (1..50 | ForEach-Object { $_ * 2 })
    }

    It 'restarts a failed run where it stopped' {
        $dag = New-Dag p { Add-DagNode a { [guid]::NewGuid() }; Add-DagNode b { throw 'no' } -After a }
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue -ErrorVariable problem
        $failed.Status | Should -Be failed
        $failed.FailedNode | Should -Be b
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'DagNodeFailed*'
        $run = Restart-DagRun $failed.RunId -DatabasePath $db -Override @{ b = { 'yes' } }
        $run.Status | Should -Be completed
        $run.RunId | Should -Be $failed.RunId
        ($run.Nodes | Where-Object Label -EQ a).Attempt | Should -Be 1
        ($run.Nodes | Where-Object Label -EQ b).Attempt | Should -Be 2
    }

    It 'sees mocks and variables of the test in inline runs' {
        function Get-Thing { 'real' }
        Mock Get-Thing { 'mocked' }
        $run = New-Dag p { Add-DagNode a { Get-Thing } } | Invoke-Dag -Inline -NoProvenance
        $run.Outputs['a'] | Should -Be mocked
        Should -Invoke Get-Thing -Times 1 -Exactly
    }

    It 'runs one node alone' {
        New-Dag p { Add-DagNode a { 1 }; Add-DagNode b { param([int]$x) $x * 3 } -After a } |
            Invoke-DagNode -Name b -Parameter @{ x = '4' } | Should -Be 12
    }

    It 'writes a run that Get-DagRun finds by a prefix of its id' {
        $run = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db -Tag nightly
        (Get-DagRun $run.RunId.Substring(0, 8) -DatabasePath $db).RunId | Should -Be $run.RunId
        (Get-DagRun -Tag nightly -DatabasePath $db).Outputs['a'] | Should -Be 1
    }

    It 'takes a run where a run id is asked for' {
        $run = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db
        ($run | Get-DagRun).RunId | Should -Be $run.RunId
        (Invoke-DagReplay $run a -DatabasePath $db).ReplayedFrom | Should -Be $run.RunId
        $run | Remove-DagRun -Confirm:$false
        (Get-DagRun -DatabasePath $db).ReplayedFrom | Should -Be $run.RunId
    }

    It 'makes no database by reading' {
        Get-DagRun -DatabasePath $db | Should -BeNullOrEmpty
        $db | Should -Not -Exist
    }

    It 'forwards warnings with the label of the node' {
        $null = New-Dag p { Add-DagNode a { Write-Warning careful } } | Invoke-Dag -NoProvenance -WarningVariable said -WarningAction SilentlyContinue
        $said | Should -Be '[a] careful'
    }

    It 'runs as a job' {
        $job = New-Dag p { Add-DagNode a { 5 } } | Invoke-Dag -DatabasePath $db -AsJob
        $run = $job | Wait-Job | Receive-Job
        $run.Outputs['a'] | Should -Be 5
        $job | Remove-Job
    }

    It 'stops when Select-Object has enough' {
        $dag = New-Dag p { Add-DagNode a { Write-Information one; [Threading.Thread]::Sleep(20); 'done' } }
        $first = $dag | Invoke-Dag -NoProvenance -InformationAction Continue 6>&1 | Select-Object -First 1
        "$first" | Should -Be one
    }

    It 'refuses <Name> with <Id>, and makes no database' -ForEach @(
        @{ Name = 'unknown source input'; Id = 'DagSourceInputUnknown'; Script = { New-Dag p { Add-DagNode a { param($x) $x } } | Invoke-Dag -SourceInput @{ nope = 1 } -DatabasePath $db } }
        @{ Name = 'a missing mandatory input'; Id = 'DagInputMissing'; Script = { New-Dag p { Add-DagNode a { param([Parameter(Mandatory)]$x) $x } } | Invoke-Dag -DatabasePath $db } }
        @{ Name = 'a duplicate label'; Id = 'DagNodeDuplicate'; Script = { New-Dag p { Add-DagNode a { 1 }; Add-DagNode A { 2 } } } }
        @{ Name = 'an unknown upstream'; Id = 'DagNodeNotFound'; Script = { New-Dag p { Add-DagNode a { 1 } -After b } } }
        @{ Name = 'a composite without upstream'; Id = 'DagCompositeUpstream'; Script = { New-Dag p { Add-DagNode a -Map { 1 } } } }
        @{ Name = 'an unknown run'; Id = 'DagRunNotFound'; Script = { Get-DagRun 12345678 -DatabasePath $db -ErrorAction Stop } }
        @{ Name = 'restarting without provenance'; Id = 'DagProvenanceRequired'; Script = { Restart-DagRun x -NoProvenance -DatabasePath $db } }
    ) {
        $Script | Should -Throw -ErrorId "$Id*"
        $db | Should -Not -Exist
    }
}
